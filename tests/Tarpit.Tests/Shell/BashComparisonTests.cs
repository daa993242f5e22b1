using Blackwall.Tarpit.Tests.Ssh;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Scripts that say the same in the shell behind the server and in the real bash of this system.</summary>
public sealed class BashComparisonTests
{
    private static readonly RunningTarpit s_tarpit = new();

    public static TheoryData<string> Scripts { get; } =
    [
        "echo hello world",
        "echo 'single $HOME' \"double $((1+2))\"",
        "echo -n abc; echo -e 'a\\tb\\x41\\n'; echo -ne '\\x7fELF' | wc -c",
        "for i in 1 2 3; do echo \"n $i\"; done",
        "i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i -eq 3 ] && continue; echo $i; done",
        "until false; do echo once; break; done",
        "if [ -d /nowhere ]; then echo yes; elif true; then echo elif; else echo no; fi",
        "case abc in x) echo x;; a*) echo a;; *) echo other;; esac",
        "f() { echo \"$1-$#\"; return 4; }; f one two; echo $?",
        "echo ${x:-default} ${x:=set} $x ${x:+other} ${#x}",
        "v=/usr/local/lib/file.tar.gz; echo ${v##*/} ${v%.*} ${v%%.*} ${v#*/} ${v/local/remote} ${v//l/L} ${v:5:5}",
        "echo $((7/2)) $((7%3)) $((2**10)) $((1<<4)) $((5>3 && 2>1)) $((0x1f)) $((010))",
        "echo {a,b,c}{1,2} {1..5} {a..e} {05..08}",
        "cat <<EOF\nline $((1+1))\n  keep\nEOF",
        "cat <<'EOF'\n$HOME `ls`\nEOF",
        "cat <<< 'here string'",
        "echo one; false || echo two; true && echo three; ! true; echo $?",
        "(exit 3); echo $?; { echo group; echo braces; } | wc -l",
        "printf '%s-%d-%05d-%x\\n' abc 12 34 255; printf '%s\\n' a b c",
        "echo a b c | tr 'a-c' 'A-C' | cut -d' ' -f2",
        "printf 'b\\na\\nc\\na\\n' | sort | uniq -c | sort -rn | head -1 | tr -s ' '",
        "seq 1 10 | grep -v 5 | tail -3; seq 1 10 | sed -n '2,4p'; seq 3 | sed 's/2/two/'",
        "printf 'root:x:0\\nbin:x:1\\n' | awk -F: '{print $1\" \"$3}'",
        "x=$(echo sub; echo two); echo \"$x\"; echo $x",
        "set -- a 'b c' d; for a in \"$@\"; do echo [$a]; done; echo $#; shift; echo $1",
        "a=1; (a=2; echo $a); echo $a",
        "echo a > /tmp/bw-t1; echo b >> /tmp/bw-t1; cat /tmp/bw-t1; wc -l < /tmp/bw-t1; rm -f /tmp/bw-t1; cat /tmp/bw-t1 2>/dev/null || echo gone",
        "nosuchcommand_x 2>/dev/null; echo $?",
        "echo err >&2 2>/dev/null; (echo both; echo err >&2) 2>&1 | sort",
        "[[ abc == a* && 3 -gt 2 ]] && echo match; [[ abc =~ ^a.c$ ]] && echo regex",
        "IFS=:; for p in a:b:c; do echo $p; done; v=a:b; for p in $v; do echo $p; done",
        "while read -r a b; do echo \"$b $a\"; done <<< 'one two three'",
        "echo \"a\\\"b\\\\c\\$d\" 'it'\\''s' $'tab\\there'",
        "test -z '' && echo empty; test abc = abc && echo same; [ 5 -ge 5 ] && echo ge",
        "echo $(( (1+2)*3 )) $((x=5, x+1)); echo $x",
        "eval 'echo evaluated'; v='echo two'; $v",
        "export A=b; sh -c 'echo $A'; B=c sh -c 'echo $B'; echo \"[$B]\"",
        "echo 'dGVzdA==' | base64 -d; echo test | base64; echo -n abc | md5sum; echo -n abc | sha256sum",
        "true | false; echo $?; false | true; echo $?",
        "basename /a/b/c.txt .txt; dirname /a/b/c.txt",
        "for f in x y; do for g in 1 2; do [ $g = 2 ] && continue 2; echo $f$g; done; done",
        "echo a;echo b&&echo c||echo d",
        "seq 1 3 | while read n; do echo $((n*n)); done",
        "printf 'a b\\nc d\\n' | xargs -n1 echo item",
        "yes | head -3",
        "printf 'a 1\\nb 2\\nc 3\\n' | awk '{s+=$2} END {print s, NR, s/NR}'",
        "printf 'x:y:z\\n1:2:3\\n' | awk -F: 'BEGIN{OFS=\"-\"} {$2=\"\"; print; print $NF, NF}'",
        "printf 'GET /a 200\\nGET /b 404\\nPOST /a 200\\n' | awk '{c[$3]++} END {for (k in c) print k, c[k]}' | sort",
        "awk 'BEGIN { for (i=0;i<5;i++) { if (i==3) continue; printf \"%d-%s \", i, i%2 ? \"odd\" : \"even\" } print \"\" }'",
        "echo 'The Quick' | awk '{print toupper($1), length($2), substr($0,5,3), index($0,\"Q\")}'",
        "echo 'foo bar foo' | awk '{n=gsub(/fo+/,\"[&]\"); print n, $0; sub(\"bar\",\"x\"); print $2}'",
        "awk 'BEGIN { n=split(\"a,b,c\",p,\",\"); print n, p[1] p[3]; if (match(\"xxabc\",/a.c/)) print RSTART, RLENGTH }'",
        "seq 10 | awk '/3/,/5/ {print \"r\", $1} NR==8 {exit 3}'; echo $?",
        "awk 'function f(n) { return n<2 ? 1 : n*f(n-1) } BEGIN { print f(10), 2^10, 7%3, -2^2, 1e6, 0.1+0.2, 1000*1000, 3/2 }'",
        "awk 'BEGIN { printf \"%5.2f|%-6s|%06d|%x|%c|%e|%g\\n\", 3.14159, \"ab\", 42, 255, 65, 12345.678, 0.0001 }'",
        "printf 'b 2\\na 1\\n' | awk '{print $1 | \"sort\"} END {close(\"sort\"); print \"done\"}'",
        "awk 'BEGIN { while ((\"echo one; echo two\" | getline l) > 0) print \"got\", l; system(\"echo sys\") }'",
        "printf '10\\n9\\n' | awk '{ if ($1 > m) m=$1 } END { print m; print (\"10\" < \"9\"), (10 < 9) }'",
        "printf 'a\\n\\nb\\nc\\n' | awk 'BEGIN{RS=\"\"} {print NR\": \"$1\" \"NF}'",
        "awk -v x=5 -v s='a\\tb' 'BEGIN { print x+1, s; x++; do { x-- } while (x>3); print x; delete a; a[1]=1; print (1 in a), (2 in a), length(a) }'",
        "printf 'k v\\n' > /tmp/bw-awk; awk '{print FILENAME, FNR, $2}' /tmp/bw-awk /tmp/bw-awk; awk '{print y}' y=7 /tmp/bw-awk; rm /tmp/bw-awk",
        "awk 'BEGIN { print 1==1.0, \"a\"<\"b\", !0, 1&&0, 1||0; print length() ; print \"x\" > \"/dev/stderr\" }' 2>/dev/null </dev/null",
        "awk 'BEGIN { x[\"a\",1]=5; for (k in x) { split(k, p, SUBSEP); print p[1], p[2] }; print ((\"a\",1) in x) }'",
        "awk '{' </dev/null 2>/dev/null; echo $?; awk 'BEGIN { print 1/0 }' 2>/dev/null; echo $?",
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task It_prints_what_bash_prints_and_ends_as_bash_ends(string script)
    {
        SshClient.Result real = await SshClient.ToolAsync("bash", "", new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "C" }, ["-c", script]);
        SshClient.Result ours = await SshClient.CommandAsync(s_tarpit, script);
        Assert.Equal(real.Output, ours.Output);
        Assert.Equal(real.ExitCode, ours.ExitCode);
    }
}
