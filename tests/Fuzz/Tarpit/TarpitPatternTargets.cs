using System.Text;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Shell.Awk;
using Blackwall.Tarpit.Shell.Sed;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Patterns of file names: the part before a NUL is the pattern, the rest the text.</summary>
internal sealed class TarpitGlobTarget : IFuzzTarget
{
    public string Name => "tarpit-glob";

    public IReadOnlyList<byte[]> Seeds { get; } = [[.. "a*[!b-c]?\0abcd"u8], [.. "@(a|*(b)|!(c))\0abbc"u8], [.. "[[:alpha:]-]+(x)\0q-xx"u8], []];

    public string? Run(ReadOnlySpan<byte> input)
    {
        (string pattern, string text) = TarpitPatternInput.Split(input);
        GlobPattern glob = new(pattern);
        bool whole = glob.IsMatch(text);
        return whole && text.Length > 0 && glob.Match(text, 0, longest: true) < 0 ? "a whole match is no match at the start" : null;
    }
}

/// <summary>Regular expressions of POSIX: all are translated and parsed, and some are matched, which takes longer.</summary>
internal sealed class TarpitRegexTarget : IFuzzTarget
{
    private const int MatchedOneOf = 16;

    public string Name => "tarpit-regex";

    public IReadOnlyList<byte[]> Seeds { get; } = [[.. "^(a|b)*c{1,3}[^]x-z]$\0abcc"u8], [.. "\\(a\\)\\1*\\<w\0aaw"u8], [.. "[[:digit:]]+|x?\\.\0123"u8], []];

    public string? Run(ReadOnlySpan<byte> input)
    {
        (string pattern, string text) = TarpitPatternInput.Split(input);
        bool isMatched = (input.Length > 0 ? input[0] + input[^1] : 0) % MatchedOneOf == 0;
        foreach (bool isExtended in (bool[])[true, false])
        {
            Try(pattern, text, isExtended, isMatched);
        }

        return null;
    }

    private static void Try(string pattern, string text, bool isExtended, bool isMatched)
    {
        try
        {
            if (isMatched)
            {
                _ = Patterns.Compile(pattern, isExtended, ignoreCase: false)?.IsMatch(text);
            }
            else if (RegexTranslator.Translate(pattern, isExtended, isMultiline: false) is { } translated)
            {
                _ = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
            }
        }
        catch (Exception e) when (e is RegexMatchTimeoutException or ArgumentException)
        {
            // Those that go back have a limit; what .NET does not take is none.
        }
    }
}

/// <summary>Scripts of sed.</summary>
internal sealed class TarpitSedTarget : IFuzzTarget
{
    public string Name => "tarpit-sed";

    public IReadOnlyList<byte[]> Seeds { get; } = [[.. "1!G;h;$!d\0a\nb\nc\n"u8], [.. "/a/,$s/\\(x\\)y/\\U\\1&/gp;y/ab/cd/\0axy\n"u8], [.. ":a;N;$!ba;s/\\n/,/;/q/{p;D}\01\n2\n"u8], []];

    public string? Run(ReadOnlySpan<byte> input)
    {
        const int mostSteps = 5000;
        (string script, string text) = TarpitPatternInput.Split(input);
        int steps = 0;
        try
        {
            SedMachine machine = new(new SedParser(script, isExtended: false).Parse(), isQuiet: false, _ => ++steps > mostSteps ? throw new OperationCanceledException() : ValueTask.CompletedTask) { Read = _ => "" };
            machine.RunAsync(text, '\n', isLast: true, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is FormatException or OperationCanceledException or RegexMatchTimeoutException)
        {
            // No script, or one without an end.
        }

        return null;
    }
}

/// <summary>Programs of awk, as far as their grammar.</summary>
internal sealed class TarpitAwkTarget : IFuzzTarget
{
    public string Name => "tarpit-awk";

    public IReadOnlyList<byte[]> Seeds { get; } = [[.. "BEGIN{for(i=0;i<3;i++)a[i]=i*2} /x/{print $1, a[NF]; next} END{printf \"%d\\n\", length(a)}"u8], [.. "function f(n){return n<2?1:n*f(n-1)} {while((getline l)>0) sub(/a+/,\"&\",l); delete a}"u8], []];

    public string? Run(ReadOnlySpan<byte> input)
    {
        try
        {
            AwkParser.Parse(Encoding.Latin1.GetString(input));
        }
        catch (AwkSyntaxException)
        {
            // What is no program is refused by name.
        }

        return null;
    }
}

/// <summary>A pattern and a text with a NUL between them.</summary>
internal static class TarpitPatternInput
{
    public static (string Pattern, string Text) Split(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf((byte)0);
        return (Encoding.Latin1.GetString(end < 0 ? input : input[..end]), Encoding.Latin1.GetString(end < 0 ? input : input[(end + 1)..]));
    }
}
