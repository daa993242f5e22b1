using System.Globalization;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>What a web server answered.</summary>
/// <param name="Head">Status line and fields as they came, with the empty line behind them.</param>
/// <param name="Body">At most 2 MiB.</param>
internal sealed record WebAnswer(string Head, byte[] Body)
{
    public string StatusLine => Head.Split("\r\n")[0];

    /// <summary>Null: it is not HTTP.</summary>
    public int? Status => StatusLine.StartsWith("HTTP/", StringComparison.Ordinal) && StatusLine.Split(' ') is [_, var code, ..] && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : null;

    /// <summary>The words behind the status.</summary>
    public string Reason => string.Join(' ', StatusLine.Split(' ').Skip(2));

    /// <summary>The value of a field; null: it is not there.</summary>
    public string? Field(string name) =>
        Head.Split("\r\n").Skip(1).FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
