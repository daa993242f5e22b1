using System.Text;

namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>The client's identification (RFC 4253 §4.2), read a byte at a time as OpenSSH's <c>kex_exchange_identification</c> does.</summary>
internal sealed class ClientVersion
{
    public const string Invalid = "Invalid SSH identification string.";
    public const string WrongMajor = "Protocol major versions differ.";

    private const int MaxLength = 8192;

    private readonly List<byte> _line = [];
    private bool _newLineExpected;

    /// <summary>The line without its end; empty until it is complete.</summary>
    public string Line { get; private set; } = "";

    /// <summary>What the server sends before it closes; null: nothing.</summary>
    public string? Refusal { get; private set; }

    /// <summary>A probe by its name, such as a scanner: the connection is closed without an answer.</summary>
    public bool IsProbe { get; private set; }

    /// <summary>Reads one byte; true: the line is complete or refused.</summary>
    public bool Add(byte value)
    {
        if (value == '\r')
        {
            _newLineExpected = true;
            return false;
        }

        if (value == '\n')
        {
            Parse();
            return true;
        }

        _line.Add(value);
        if (value != 0 && !_newLineExpected && _line.Count <= MaxLength)
        {
            return false;
        }

        Refusal = Invalid;
        return true;
    }

    private void Parse()
    {
        Line = Encoding.Latin1.GetString([.. _line]);
        if (!TryParse(Line, out int major, out int minor, out string software))
        {
            Refusal = Invalid;
        }
        else if (major != 2 && (major != 1 || minor != 99))
        {
            Refusal = WrongMajor;
        }
        else
        {
            IsProbe = software.StartsWith("Probe-", StringComparison.Ordinal) || software.Contains("SSH_Version_Mapper", StringComparison.Ordinal)
                || software.StartsWith("SSH-scanner", StringComparison.Ordinal);
        }
    }

    // As sscanf does with "SSH-%d.%d-%[^\n]": white space and a sign may stand before a number, and something must follow the dash.
    private static bool TryParse(string line, out int major, out int minor, out string software)
    {
        (major, minor, software) = (0, 0, "");
        if (!line.StartsWith("SSH-", StringComparison.Ordinal))
        {
            return false;
        }

        int at = 4;
        if (!Number(line, ref at, out major) || !Literal(line, ref at, '.') || !Number(line, ref at, out minor) || !Literal(line, ref at, '-') || at >= line.Length)
        {
            return false;
        }

        software = line[at..];
        return true;
    }

    private static bool Literal(string line, ref int at, char wanted) => at < line.Length && line[at++] == wanted;

    private static bool Number(string line, ref int at, out int value)
    {
        long number = 0;
        while (at < line.Length && (line[at] == ' ' || line[at] is >= '\t' and <= '\r'))
        {
            at++;
        }

        bool negative = at < line.Length && line[at] == '-';
        if (at < line.Length && line[at] is '-' or '+')
        {
            at++;
        }

        int first = at;
        for (; at < line.Length && char.IsAsciiDigit(line[at]); at++)
        {
            number = Math.Min((number * 10) + (line[at] - '0'), int.MaxValue);
        }

        value = (int)(negative ? -number : number);
        return at > first;
    }
}
