# json.jq: whether a file is what docs/explorer-json.md says. Prints what is not,
# and fails then. `jq -e -f json.jq FILE`

def expect(what; is_so): if is_so then empty else "not so: \(what)" end;

def is_count: type == "number" and . >= 0 and . == floor;
def is_text: type == "string";
def is_text_or_null: is_text or . == null;
def is_truth: type == "boolean";
def among(words): IN(words | splits(" "));
def has_just(names): (keys_unsorted | sort) == (names | [splits(" ")] | sort);

def is_place: has_just("file function line")
    and (.file, .function | is_text) and (.line | is_count and . > 0);

def is_thread: has_just("name function creator")
    and (.name, .function | is_text) and (.creator | is_text_or_null);

def is_step($threads): has_just("number thread kind text object value call at "
        + "inside callers mark key shown cell")
    and (.number == null or (.number | is_count and . > 0))
    and (.thread | IN($threads[]))
    and (.kind | test("^[a-z][a-z-]*[a-z]$") and . != "other")
    and (.text | is_text and . != "")
    and (.object, .value, .call, .mark, .cell | is_text_or_null)
    and (.at, .inside | . == null or is_place)
    and (.callers | type == "array" and all(is_place))
    and (.key, .shown | is_truth)
    and (.shown == (.cell != null));

def is_arrow($steps): has_just("kind from to")
    and (.kind | among("create join release wake waits-for race"))
    and (.from, .to | is_count and . < ($steps | length))
    and (.from < .to or (.kind | among("waits-for race")))
    and $steps[.from].thread != $steps[.to].thread;

def is_source: has_just("file line text")
    and (.file, .text | is_text) and (.line | is_count and . > 0);

def numbers: [.steps[].number | values];

def wrong:
    [.threads[].name] as $threads | .steps as $steps |
    expect("the fields"; has_just("version verdict what race executions cut "
        + "complete bounds memory schedule options threads steps arrows "
        + "source ending output outcomes")),
    expect("version"; .version == 1),
    expect("verdict"; .verdict | among("none ok race leak livelock "
        + "lost-wakeup deadlock check misuse use-after-free crash")),
    expect("texts"; .what, .schedule, .output | is_text),
    expect("truths"; .race, .complete | is_truth),
    expect("counts"; .executions, .cut | is_count),
    expect("bounds"; .bounds | del(.delays) | has_just("spurious timeouts")),
    expect("numbers in bounds"; .bounds | all(is_count)),
    expect("memory"; .memory == null or .memory == "sc"),
    expect("options"; .options | has_just("mode spurious timeouts "
        + "max_executions max_milliseconds max_steps seed depth")
        and (.mode | is_text) and (del(.mode) | all(is_count))),
    expect("threads"; .threads | all(is_thread) and .[0].name? != "A"),
    (.steps | to_entries[] |
        expect("step \(.key): \(.value)"; .value | is_step($threads))),
    expect("numbers of steps, in order"; numbers == [range(1; 1 + (numbers | length))]),
    (.arrows[] | expect("arrow \(.)"; is_arrow($steps))),
    (.source[] | expect("source \(.)"; is_source)),
    expect("lists of texts"; .ending, .outcomes | all(is_text)),
    expect("a run, if and only if one failed or was replayed";
        (.steps | length > 0) ==
            (.options.mode == "replay" or (.verdict | among("none ok") | not))),
    expect("what went wrong is said, or why there is no answer"; (.what != "") == (.verdict != "ok"));

[wrong] | if length == 0 then true else (.[] | debug | empty), false end
