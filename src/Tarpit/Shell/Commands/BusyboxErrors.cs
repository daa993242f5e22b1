using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Errors of the applets: BusyBox words them in its own way.</summary>
internal sealed partial class BusyboxErrors(ShellOutput inner, string applet) : ShellOutput
{
    public override void Share() => inner.Share();

    public override void Release() => inner.Release();

    public override ValueTask WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        string text = Encoding.Latin1.GetString(bytes);
        return inner.WriteAsync(Encoding.Latin1.GetBytes(text.StartsWith(applet + ":", StringComparison.Ordinal) ? Worded(text) : text), cancellation);
    }

    private string Worded(string text)
    {
        if (Unknown().Match(text) is { Success: true } option)
        {
            return $"{option.Groups["head"].Value}\n{BusyboxCommand.Usage(applet)}";
        }

        text = Cannot().Replace(text, match => match.Groups["verb"].Value switch
        {
            "access" when applet is "ls" or "du" or "stat" => $"{match.Groups["file"].Value}: ",
            "stat" when applet is "mv" => $"can't rename '{match.Groups["file"].Value}': ",
            "statx" => $"can't stat '{match.Groups["file"].Value}': ",
            var verb => $"can't {verb} '{match.Groups["file"].Value}': ",
        });
        return applet is "cat" or "head" or "tail" or "wc" or "md5sum" or "sha256sum" or "sort" or "od" or "hexdump" ? Plain().Replace(text, match => $"{match.Groups["name"].Value}: can't open '{match.Groups["file"].Value}': {match.Groups["why"].Value}") : text;
    }

    [GeneratedRegex(@"cannot (?<verb>[a-z ]+?) '(?<file>[^']*)'(?: for reading)?: ", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Cannot();

    [GeneratedRegex(@"^(?<name>\w+): (?<file>[^':\n]+): (?<why>No such file or directory|Permission denied)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 200)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^(?<head>\w+: (invalid|unrecognized) option[^\n]*)\n", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Unknown();
}
