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
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        _shell.RunAsync(Encoding.Latin1.GetString(input).Replace("sleep", "echo", StringComparison.Ordinal), TimeSpan.FromSeconds(2)).GetAwaiter().GetResult();
        return null;
    }
}
