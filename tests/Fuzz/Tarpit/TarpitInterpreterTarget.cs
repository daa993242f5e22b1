using System.Text;
using Blackwall.Fuzz.Bash;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Shell text that is run, for as many steps as are free.</summary>
internal sealed class TarpitInterpreterTarget : IFuzzTarget
{
    private readonly OurBash _shell = new();

    public string Name => "tarpit-interpreter";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "for i in 1 2; do x=${x:-$i}; echo $((x+i)) | sed s/1/2/; done; f() { local a=$1; return 3; }; f b || echo ${?}"u8],
        [.. "a=(1 2 3); declare -A m; m[k]=v; echo ${a[@]:1} ${m[k]} ${!a[@]}; case $x in a*) ;; esac; trap 'echo e' EXIT"u8],
        [.. "read a b <<< 'x y'; printf '%s-%5d\\n' $a 3; [[ $b =~ ^y ]] && echo ${BASH_REMATCH[0]}; cat <<E\n$a\nE"u8],
        [.. "printf '%5.2f|%-*d|%q|%b\\n' 1.5 4 7 'a b' '\\x41'; echo a b | awk '{n=split($0,a,\" \"); gsub(/a/,\"x\"); printf \"%s %d\\n\",$1,n}'; seq 3 | sed -n '2{s/2/&&/;p}'"u8],
        [.. "ls -la /etc | head -3; find /etc -maxdepth 1 -name 'h*' -type f; grep -rn root /etc/passwd | cut -d: -f1,7 | sort -u | uniq -c; tar cf - /etc/hosts | tar tf -; date -d @0 +%F"u8],
        [.. "f() { echo ${1//[a-c]/${2:-x}}; }; f abc; x=${f%%*}; y=$(( (1<<3) ** 2 % 7 )); echo \"${x^^}${#y}\" >&2 2>/dev/null; exec 3<<<z; read -u3 k; coproc cat; kill %1; wait"u8],
        [.. "mysql -e 'select 1+1, repeat(\"a\",3), concat(1,null)'; echo aGk= | base64 -d | xxd | tr a-z A-Z; expr 3 \\* 4; test -f /etc/passwd -a ! -d x; bc <<< '2^10/3'; date -d 'next monday'"u8],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        string script = Encoding.Latin1.GetString(input).Replace("sleep", "echo", StringComparison.Ordinal);
        return _shell.RunAsync(script, TimeSpan.FromSeconds(2)).GetAwaiter().GetResult() is { ExitCode: OurBash.Crashed, Errors: var fault } ? fault : null;
    }
}
