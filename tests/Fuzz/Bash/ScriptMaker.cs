using System.Globalization;
using System.Text;

namespace Blackwall.Fuzz.Bash;

/// <summary>Makes bash scripts out of a grammar: valid text that prints something, ends by itself, and depends on nothing but an empty folder. The same seed makes the same scripts.</summary>
internal sealed partial class ScriptMaker(int seed)
{
    private static readonly string[] Names = ["a", "b", "count", "file", "x1", "_y", "LIST", "word"];
    private static readonly string[] Words = ["one", "two three", "a*b", "file.tar.gz", "/usr/local/lib", "", " lead", "x=y", "007", "-n", "UPPER", "mixEd", "tab\there", "q'uote", "d\\own", "$HOME", "{x}", "a,b,c", "10", "-3"];
    private static readonly string[] Patterns = ["*", "a*", "?", "[a-c]*", "*.gz", "*o*", "/*", "[!a]*", "*[0-9]", "one|two", "t?o*", "@(one|two)*"];
    private readonly Random _random = new(seed);
    private int _depth;
    private int _inner;

    public string Next()
    {
        _depth = 0;
        StringBuilder script = new();
        if (Chance(12))
        {
            script.Append(Pick("set -u", "set -e", "shopt -s extglob", "set -o pipefail", "IFS=:", "IFS=,", "set -f")).Append('\n');
        }

        int lines = _random.Next(1, 6);
        for (int i = 0; i < lines; i++)
        {
            string statement = Statement();
            script.Append(statement).Append(!statement.Contains("<<", StringComparison.Ordinal) && Chance(15) ? "; " : "\n");
        }

        if (Chance(10))
        {
            script.Append("exit ").Append(_random.Next(0, 300).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return script.ToString();
    }

    private string Statement()
    {
        if (_depth > 3)
        {
            return Echo();
        }

        _depth++;
        string made = _random.Next(36) switch
        {
            0 or 1 => Assign(),
            2 => $"{Assign()}; echo {Expansion()}",
            3 => Loop(),
            4 => $"if {Test()}; then {Statement()}; {(Chance(40) ? $"elif {Test()}; then {Statement()}; " : "")}{(Chance(60) ? $"else {Statement()}; " : "")}fi",
            5 => CaseOf(),
            6 => FunctionOf(),
            7 => $"({Statement()}; {Statement()})",
            8 => $"{{ {Statement()}; {Echo()}; }}{(Chance(40) ? " | " + Filter() : "")}",
            9 => $"{Echo()} {Pick("&&", "||")} {Statement()}",
            10 => _depth == 1 ? HereDocument() : Echo(),
            11 => Arrays(),
            12 => Arithmetic(),
            13 => Traps(),
            14 => Printf(),
            15 => Reading(),
            16 => FilesOf(),
            17 => $"{Producer()} | {Filter()}{(Chance(40) ? " | " + Filter() : "")}",
            18 => $"! {Simple()}; echo $?",
            19 => Options(),
            20 => $"eval {Pick("'echo $((1+1))'", "\"" + Names[_random.Next(Names.Length)] + "=evaluated\"", "'f() { echo in $1; }'; f x 2>/dev/null", "\"echo \\\"$" + Name() + "\\\"\"")}",
            21 => Redirections(),
            22 => Strings(),
            23 => $"{Simple()}; echo \"status $?\"",
            24 => $"echo {Pick("{1..5}", "{a..e}", "{01..03}", "{x,y}{1,2}", "pre{A,B,}post", "{3..1}", "{1..10..3}", "a{b,c{d,e}}f", "{a}", "{1..3}{a,b}", "\"{1,2}\"", "{,x}", "{c..a..2}")}",
            25 => Echo(),
            _ => Feature(),
        };
        _depth--;
        return made;
    }

    private string Echo() => $"echo {(Chance(8) ? Pick("-n ", "-e ", "-E ", "-ne ") : "")}{Argument()}{(Chance(50) ? " " + Argument() : "")}";

    private string Assign() => Pick($"{Name()}={Value()}", $"{Name()}+={Value()}", $"declare -i {Name()}={_random.Next(100)}", $"local_{Name()}={Value()}", $"readonly r{_random.Next(1000)}={Value()}", $"export {Name()}={Value()}", $"declare {Name()}={Value()}", $"{Name()}=$({Simple()})", $"{Name()}=$(({Sum(2)}))", $"unset {Name()}");

    private string Value() => Inner(() => Pick("'" + Word().Replace("'", "'\\''", StringComparison.Ordinal) + "'", $"\"{Inside()}\"", Plain(), $"{_random.Next(1000)}", Expansion(), $"$'{Pick("a\\tb", "x\\n", "\\x41", "\\101", "\\u00e9", "it\\'s")}'"));

    private string Argument() => Inner(() => Pick(Plain(), Plain(), "'" + Word().Replace("'", "", StringComparison.Ordinal) + "'", $"\"{Inside()}\"", $"\"{Inside()}\"", Expansion(), $"$(({Sum(2)}))", $"$({Simple()})", "\"$@\"", "$#", $"`{Pick("echo back", "true", "echo a b")}`", $"{Plain()}{Expansion()}", "~", "$?", "\\*", "[a]", $"\"$({Simple()})\""));

    private string Inside() => Inner(() => Pick($"<{Expansion()}>", "plain text", $"${{{Name()}}}x", "a\\\"b", "\\$HOME", $"$((1 + {_random.Next(9)}))", "it's", "  spaces  ", $"{Expansion()}{Expansion()}", "back\\\\slash", "new\\nline", $"$({Simple()})", "!x"));

    private string Expansion()
    {
        string name = Name();
        return Pick(
            $"${name}", $"\"${name}\"", $"${{{name}:-{Plain()}}}", $"${{{name}-{Plain()}}}", $"${{{name}:+{Plain()}}}", $"${{#{name}}}", $"${{{name}%{Pattern()}}}", $"${{{name}%%{Pattern()}}}", $"${{{name}#{Pattern()}}}",
            $"${{{name}##{Pattern()}}}", $"${{{name}/{Pick("o", "a", "t*", "[0-9]")}/{Plain()}}}", $"${{{name}//{Pick("o", "a", "e")}/{Plain()}}}", $"${{{name}:{_random.Next(4)}}}", $"${{{name}:{_random.Next(3)}:{_random.Next(4)}}}",
            $"${{{name}: -2}}", $"${{{name}^^}}", $"${{{name},,}}", $"${{{name}^}}", $"${{{name}@Q}}", $"${{!{name}}}", $"${{{name}/#o/X}}", $"${{{name}/%e/X}}", "$1", "${2:-none}", "$*", "\"$*\"", $"${{{name}:=set}}");
    }

    private string Loop() => Pick(
        $"for {Name()} in {Argument()} {Argument()} {Plain()}; do {Statement()}; done",
        $"for i in 1 2 3; do {(Chance(40) ? $"[ $i -eq 2 ] && {Pick("continue", "break")}; " : "")}echo $i {Expansion()}; done",
        $"for ((i=0; i<{_random.Next(1, 5)}; i++)); do {Statement()}; done",
        $"n=0; while [ $n -lt {_random.Next(1, 4)} ]; do n=$((n+1)); {Statement()}; done",
        $"n=3; until ((n-- <= 0)); do echo $n; done",
        $"for {Name()}; do {Echo()}; done",
        $"printf '%s\\n' {Plain()} {Plain()} b | while read -r l; do echo \"<$l>\"; done",
        $"for f in *; do echo \"f $f\"; done",
        $"while read -r a b; do echo \"$b-$a\"; done <<< \"{Plain()} {Plain()} more\"",
        $"for i in {{1..3}}; do for j in x y; do [[ $j == y ]] && continue 2; echo $i$j; done; done");

    private string CaseOf() => $"case {Argument()} in {Pick(Patterns)}) {Statement()};{Pick(";", ";", ";&", ";;&")} {Pick(Patterns).Replace("|", " | ", StringComparison.Ordinal)}) {Echo()};; *) echo other;; esac";

    private string FunctionOf()
    {
        string name = $"f{_random.Next(3)}";
        return $"{Pick($"{name}() {{", $"function {name} {{", $"{name} () {{")} {Pick("local v=$1; ", "", "local -i n=5; ", "shift; ")}{Statement()}; {Pick("return " + _random.Next(5), "echo \"$# $1\"", "")}\n}}; {name} {Argument()} {Plain()}; echo $?";
    }

    private string HereDocument() => Pick(
        $"cat <<EOF\nline {Expansion()} $((2*3))\n  kept $(echo sub)\nEOF",
        "cat <<'END'\n$HOME `date` \\n\nEND",
        "cat <<-EOF\n\ttabbed\n\t\ttwice\n\tEOF",
        $"cat <<< {Argument()}",
        $"wc -l <<EOF\na\nb {Expansion()}\nEOF",
        $"{Filter()} <<EOF\nb two\na one\nc\nEOF");

    private string Arrays() => Pick(
        $"arr=({Argument()} {Plain()} {Argument()}); echo ${{#arr[@]}} \"${{arr[@]}}\" ${{arr[1]}}",
        "arr=(a b c d); arr[6]=z; echo ${!arr[@]} ${arr[@]:1:2} ${arr[-1]}; unset 'arr[1]'; echo ${#arr[*]}",
        "declare -A m; m[k]=v; m[two]=2; echo ${m[k]} ${#m[@]} ${m[none]:-no}",
        "arr=(1 2 3); arr+=(4 5); for e in \"${arr[@]}\"; do echo -n \"<$e>\"; done; echo",
        "arr=(one two three); echo ${arr[@]/t/T} ${arr[@]^} ${#arr[1]} ${arr[@]%e}",
        $"IFS=: read -ra parts <<< 'a:b:{Plain()}'; echo ${{#parts[@]}} ${{parts[2]}}",
        "mapfile -t lines < <(printf 'x\\ny z\\n'); echo ${#lines[@]} \"${lines[1]}\"",
        "arr=(\"x y\" z); echo ${#arr[0]}; set -- \"${arr[@]}\"; echo $# $1",
        "a=(5 3 9); echo $((a[0]+a[2])) ${a[1+1]}",
        "declare -a e=(); echo ${#e[@]} \"${e[@]}\" ${e[0]:-empty}");

    private string Arithmetic() => Pick(
        $"echo $(({Sum(3)}))", $"(({Name()} = {Sum(2)})); echo ${Name()} $?", $"let \"v = {Sum(2)}\"; echo $v $?", "i=5; echo $((i++)) $((++i)) $i $((i--))", "x=7; ((x>5 && x<9)) && echo in", "echo $((2**10)) $((17%5)) $((-7/2)) $((0x1F)) $((010)) $((2#101))",
        "a=3 b=4; echo $((a>b?a:b)) $((a<<2)) $((~a)) $((a^b)) $((a|b)) $((a&b)) $((!a))", "x=1; ((x+=4, x*=2)); echo $x", "n=abc; echo $((n+1)); abc=4; echo $((n+1))", "for ((i=0,j=5;i<j;i++,j--)); do echo $i,$j; done", "echo $((1,2)) $(( (3) ))", "expr 3 + 4; expr 10 / 3; expr abc : 'a\\(.\\)c'; expr length hello");

    private string Sum(int depth) => depth == 0 || Chance(35)
        ? Pick($"{_random.Next(20)}", Pick("n", "i", "v", "zero"), $"({_random.Next(9)})", $"-{_random.Next(1, 9)}")
        : $"{Sum(depth - 1)} {Pick("+", "-", "*", "/", "%", "<", ">", "==", "!=", "&&", "||", "&", "|", "^", "<<", ",", "<=")} {Pick($"{_random.Next(1, 12)}", Sum(depth - 1))}";

    private string Traps() => Pick(
        "trap 'echo bye' EXIT", "trap 'echo bye $?' EXIT; false", "(trap 'echo sub' EXIT; echo in)", "trap 'echo int' INT; kill -INT $$; echo after", "trap 'echo err' ERR; false; true", "trap - EXIT; trap", "trap '' TERM; kill $$; echo alive", "f() { trap 'echo ret' RETURN; echo body; }; f");

    private string Printf() => Pick(
        $"printf '%s-%s\\n' {Argument()} {Argument()}", "printf '%d %5d|%-5d|%05d\\n' 1 22 333 4", "printf '%x %X %o %#x\\n' 255 255 8 16", "printf '%.2f %5.1f %e\\n' 3.14159 2.5 1000", "printf '%c%c\\n' abc xyz", "printf '%%|%5s|%-5s|%.2s\\n' ab cd efgh",
        $"printf -v out '%s/' {Plain()} b; echo $out", "printf '%b\\n' 'a\\tb\\x41'", "printf '%q\\n' 'a b' \"it's\" '' '$x'", "printf '%s\\n' 1 2 3", "printf 'no newline'; echo", "printf '%d\\n' 0x10 010 \"'A\"", "printf '%s %s\\n' only", "printf '%3$s %1$s\\n' a b c 2>/dev/null; echo $?", "printf '%*d|\\n' 6 42", "printf '%i %u\\n' -5 7");

    private string Reading() => Pick(
        "echo 'a b c' | { read x y; echo \"$y-$x\"; }", "read -r line <<< 'back\\slash'; echo \"$line\"", "read line <<< 'back\\slash'; echo \"$line\"", "IFS=, read a b c <<< '1,2,3,4'; echo \"$c\"", "printf 'l1\\nl2' | while IFS= read -r l || [ -n \"$l\" ]; do echo \"[$l]\"; done",
        "read -d: part <<< 'x:y'; echo $part", "read -n 3 three <<< abcdef; echo $three", "read; echo \"got $REPLY\" <<< x", "echo in | (read v; echo ${v}side)", "while read -r k v; do echo $v=$k; done < <(printf 'a 1\\nb 2\\n')", "read x < /dev/null; echo \"$? <$x>\"");

    private string FilesOf() => Pick(
        $"echo {Plain()} > f1; cat f1; wc -c < f1; rm f1", "mkdir -p d/e; touch d/x.txt d/y.log d/e/z; ls d; echo d/*; rm -r d", "echo one > t; echo two >> t; tac t; sed -i 's/one/ONE/' t; cat t; rm -f t", "[ -e nofile ] || echo none; touch g; [ -f g ] && echo file; [ -s g ] || echo empty; rm g",
        "touch a1 a2 b1; echo a* *1 [!a]* ?2 none*; rm a1 a2 b1", "mkdir q; cd q; pwd | sed 's/.*\\///'; cd ..; rmdir q; echo $?", "echo x > s; cp s s2; mv s2 s3; ls; cmp s s3 && echo same; rm s s3", "ln -s target link; readlink link; [ -L link ] && echo link; [ -e link ] || echo dangling; rm link", "cat nofile 2>/dev/null; echo $?", "ls nofile 2>&1 | wc -l",
        "echo data > p; chmod 600 p; stat -c '%a %s' p; rm p", "find . -name '*.none' | wc -l; mkdir -p m/n; touch m/n/o; find m -type f; rm -rf m", "printf 'b\\na\\n' > u; sort u -o u; cat u; rm u", "test -d . -a -w . && echo dir; basename $PWD/x; dirname /a/b/", "mktemp -u XXXX | wc -c", "touch -d '2020-01-02 03:04:05' w; stat -c %Y w; date -r w +%Y 2>/dev/null; rm w");

    private string Producer() => Inner(() => Pick("printf 'b\\na\\nc\\na\\n'", "seq 1 10", "echo 'the quick brown fox'", "printf 'k1 3\\nk2 1\\nk3 2\\n'", "printf 'a:b:c\\nd:e:f\\n'", "echo hello", "printf 'x\\n\\ny\\n\\n'", "yes | head -4", "seq -s, 5", "printf '10\\n9\\n100\\n'", $"echo {Argument()}", "printf 'root:x:0:0\\nbin:x:1:1\\n'", "printf 'A b\\nC d\\n'"));

    private string Filter() => Pick(
        "sort", "sort -r", "sort -n", "sort -u", "sort -k2", "uniq", "uniq -c", "wc -l", "wc -w", "head -2", "tail -2", "tail -n +2", "tr a-z A-Z", "tr -d 'aeiou'", "tr -s 'a'", "cut -d: -f1", "cut -c1-3", "cut -d' ' -f2-", "sed 's/a/X/'", "sed -n '2p'", "sed '1d'", "sed 's/\\(.\\)\\(.\\)/\\2\\1/'", "sed -e 's/o/0/g' -e '/^$/d'",
        "grep a", "grep -v a", "grep -c a", "grep -n b", "grep -o '[a-c]'", "grep -E 'a|c'", "grep -i A", "awk '{print $1}'", "awk '{print NR\": \"$0}'", "awk -F: '{print $2}'", "awk '{s+=$1} END {print s}'", "awk 'NR>1'", "awk 'length>1 {print toupper($0)}'", "awk '{print $NF}'", "rev", "tac", "nl", "cat -n", "cat -A", "paste -sd,", "xargs", "xargs -n1 echo i", "xargs -I{} echo '<{}>'", "fold -w3",
        "tee /dev/null", "md5sum", "base64", "od -c | head -1", "column -t", "sed '$!d'", "sed 's/[0-9]\\+/N/g'", "awk '{for(i=NF;i>0;i--) printf \"%s \", $i; print \"\"}'", "expand", "sed = | sed 'N;s/\\n/ /'", "comm -12 - /dev/null", "head -c 5", "tail -c 4", "sort -t: -k2", "uniq -d", "awk 'BEGIN{FS=\":\";OFS=\"-\"} {$1=$1; print}'", "grep -q a && echo found", "while read l; do echo \"l:$l\"; done");

    private string Options() => Pick(
        "set -- -a -b val rest; while getopts 'ab:' o; do echo \"$o $OPTARG\"; done; shift $((OPTIND-1)); echo \"$@\"", $"set -- {Argument()} {Plain()} c; echo $# \"$1\"; shift; echo $*", "set -- a b c; echo \"${@:2}\" ${@:1:1} ${!#}", "set -- x y; for p; do echo $p; done; set --; echo $#", "set -- \"a b\" c; printf '<%s>' \"$@\" $*; echo", "type -t cd; type -t if; type -t nosuch; echo $?", "command -v echo; command -V nosuch 2>/dev/null; echo $?", "alias z='echo q' 2>/dev/null; echo $?", "hash -r; echo $?", "ulimit -n >/dev/null; umask");

    private string Redirections() => Pick(
        "{ echo out; echo err >&2; } 2>/dev/null", "{ echo out; echo err >&2; } 2>&1 | sort", "echo x 3>&1 >&3", "exec 3> fd; echo to3 >&3; exec 3>&-; cat fd; rm fd", "ls /nonexistent &>/dev/null; echo $?", "echo a > r1 2>&1; cat < r1; rm r1", "nosuchcmd 2>/dev/null || echo $?", "(echo sub; exit 3) > /dev/null; echo $?", "cat < nofile 2>/dev/null; echo $?", "echo b | cat - /dev/null", "set -C; echo 1 > nc; echo 2 > nc 2>/dev/null; cat nc; rm nc; set +C", "diff <(echo a) <(echo b) > /dev/null; echo $?", "echo hi | tee t1 | wc -c; rm t1", "{ echo 1; false; } && echo y || echo n");

    private string Strings() => Pick(
        "s=hello; echo ${s:1:3} ${s/l/L} ${s//l/L} ${#s} ${s^} ${s^^} ${s: -3:2}", "p=/a/b/c.tar.gz; echo ${p##*/} ${p%/*} ${p%%.*} ${p#*.} ${p##*.}", "v=; echo ${v:-d} ${v-d} ${v:+a} ${v+a}", "unset u; echo ${u:-d} ${u-d} ${u+a}; echo ${u:=new} $u", "x=abc; y=x; echo ${!y}", "s='a b  c'; echo $s; echo \"$s\"; set -- $s; echo $#", "[[ abc == a* ]] && echo glob; [[ abc == \"a*\" ]] || echo literal", "[[ foo123 =~ ([a-z]+)([0-9]+) ]] && echo ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}", "[[ -z '' && -n x || 1 -gt 2 ]] && echo ok",
        "echo \"a'b\" 'c\"d' a\\ b", "echo $'a\\tb' $'\\x41\\102' $\"loc\"", "v='*'; echo \"$v\"; [ \"$v\" = '*' ] && echo star", "s=aXbXc; IFS=X; echo $s; set -- $s; echo $2", "a=1 b=$a; echo $b; a=2 eval 'echo $a'; echo $a", "s=abc; for ((i=0;i<${#s};i++)); do echo -n \"${s:i:1}.\"; done; echo", "echo ${x:?} 2>/dev/null; echo after", "[ abc \\< abd ] && echo less; [ 5 -ne 6 -a ! -e zz ] && echo both", "s=$'l1\\nl2'; echo \"$s\"; echo $s; echo ${#s}", "x='a  b'; y=$x; echo \"$y\"; echo ${x@Q} ${x@U}", "echo a{b,c}d\"{e,f}\" \\{g,h}");

    private string Simple() => Inner(() => Pick("echo sub", "true", "false", "echo a b c", $"echo {Plain()}", "printf x", "test -d /", "[ 1 -eq 2 ]", ":", "(exit 4)", "echo $((3*3))", $"{Producer()}", "[[ x == y ]]", "expr 1 = 1", "command echo c", "builtin echo b", "echo ${#PWD} > /dev/null", "return 2>/dev/null", "nosuchcommand 2>/dev/null"));

    private string Test() => Pick($"[ {Pick("-n", "-z")} \"{Expansion().Trim('"')}\" ]", $"[ {_random.Next(5)} {Pick("-lt", "-gt", "-eq", "-ne", "-le", "-ge")} {_random.Next(5)} ]", $"[[ {Argument()} == {Pattern()} ]]", "true", "false", $"(( {Sum(2)} ))", "[ -e f ]", $"[ \"{Plain()}\" = \"{Plain()}\" ]", $"test {Plain()}", "! false", "[[ a < b ]]", "[[ 10 -gt 9 ]]", "grep -q x <<< xyz", "[[ -v HOME ]]");

    // All choices are made before one is taken: what holds others of its kind has to end.
    private string Inner(Func<string> make)
    {
        if (_inner == 3)
        {
            return Plain();
        }

        _inner++;
        string made = make();
        _inner--;
        return made;
    }

    private string Name() => Names[_random.Next(Names.Length)];

    private string Word() => Words[_random.Next(Words.Length)];

    private string Plain() => Pick("one", "two", "abc", "x", "file.tar.gz", "007", "a-b", "UP", "z9", "hello", "10", "foo", "bar_baz", "1.5", "t:u");

    private string Pattern() => Pick("*", "a*", "?", "*o", "[a-c]*", "*.*", "/*", "o*");

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
