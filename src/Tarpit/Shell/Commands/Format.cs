using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Awk;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>printf(1): the format is used again while arguments are left. Widths are bounded.</summary>
/// <param name="state">For the clock of %(...)T; null: the program, not the builtin.</param>
internal sealed class Format(ShellState? state)
{
    private const int Widest = 4096;
    private const int MostRounds = 20_000;
    private const int Longest = 4 << 20;
    private const int LongestTime = 127;

    private readonly StringBuilder _text = new();
    private IReadOnlyList<string> _arguments = [];
    private int _next;
    private bool _ends;

    public List<string> Errors { get; } = [];

    public string Apply(string format, IReadOnlyList<string> arguments)
    {
        _arguments = arguments;
        for (int round = 0; round < MostRounds && _text.Length < Longest; round++)
        {
            int before = _next;
            ApplyOnce(format);
            if (_ends || _next >= arguments.Count || _next == before)
            {
                break;
            }
        }

        return _text.ToString();
    }

    private void ApplyOnce(string format)
    {
        int at = 0;
        while (at < format.Length && !_ends)
        {
            int percent = format.IndexOf('%', at);
            _text.Append(Escapes.Decode(percent < 0 ? format[at..] : format[at..percent]));
            if (percent < 0)
            {
                return;
            }

            int end = percent + 1;
            while (end < format.Length && format[end] is '-' or '+' or ' ' or '#' or '0' or '\'')
            {
                end++;
            }

            string flags = format[(percent + 1)..end];
            int? width = Number(format, ref end), precision = null;
            if (end < format.Length && format[end] == '.')
            {
                end++;
                precision = Number(format, ref end) ?? 0;
            }

            if (width < 0)
            {
                flags += "-";
                width = -width;
            }

            while (end < format.Length && format[end] is 'l' or 'h' or 'j' or 'z' or 't' or 'L' or 'q' && end + 1 < format.Length && "diouxXeEfFgGsc".Contains(format[end + 1], StringComparison.Ordinal))
            {
                end++;
            }

            if (end >= format.Length)
            {
                Errors.Add($"`{format[percent..]}': missing format character");
                _ends = true;
                return;
            }

            at = Convert(format, percent, end, flags, width, precision < 0 ? null : precision);
        }
    }

    // Digits, or a star that takes an argument.
    private int? Number(string format, ref int at)
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            return (int)Math.Clamp(Integer(Take()), -Widest, Widest);
        }

        int start = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        return at == start ? null : int.TryParse(format.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Min(number, Widest) : Widest;
    }

    private int Convert(string format, int percent, int end, string flags, int? width, int? precision)
    {
        switch (format[end])
        {
            case '%':
                _text.Append('%');
                return end + 1;
            case 's':
                Pad(Cut(Take() ?? "", precision), flags, width);
                return end + 1;
            case 'c':
                string character = Take() ?? "";
                Pad(character.Length > 0 ? character[..1] : "\0", flags, width);
                return end + 1;
            case 'b':
                string decoded = Escapes.DecodeArgument(Take() ?? "", out bool ends);
                Pad(Cut(decoded, precision), flags, width);
                _ends = ends;
                return end + 1;
            case 'n':
                // How much was written so far.
                string? counter = Take();
                if (counter is not null && !Builtin.IsReference(counter))
                {
                    Errors.Add($"`{counter}': not a valid identifier");
                    _ends = true;
                }
                else if (counter is not null)
                {
                    state?.Set(counter, _text.Length.ToString(CultureInfo.InvariantCulture));
                }

                return end + 1;
            case 'q' or 'Q':
                string given = Take() ?? "";
                Pad(format[end] == 'Q' ? Quoting.WithBackslashes(Cut(given, precision)) : Cut(Quoting.WithBackslashes(given), precision), flags, width);
                return end + 1;
            case '(' when format.IndexOf(")T", end, StringComparison.Ordinal) is > 0 and var close:
                string? when = Take();
                DateTimeOffset now = state?.Visit.Machine.Now ?? DateTimeOffset.UnixEpoch;
                DateTimeOffset time = when is null or "-1" or "-2" ? now : DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Integer(when), -60_000_000_000, 250_000_000_000));
                string wanted = format[(end + 1)..close];
                string shown = Dates.Format(wanted.Length == 0 ? "%X" : wanted, time);
                Pad(Cut(shown.Length > LongestTime ? "" : shown, precision), flags, width);
                return close + 2;
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o' or 'f' or 'F' or 'e' or 'E' or 'g' or 'G' or 'a' or 'A':
                Numeric(format[end], flags, width, precision);
                return end + 1;
            default:
                Errors.Add($"`{format[end]}': invalid format character");
                _ends = true;
                return format.Length;
        }
    }

    private string? Take()
    {
        string? argument = _next < _arguments.Count ? _arguments[_next] : null;
        _next++;
        return argument;
    }

    // As C has it, on the number that the shell reads in the argument.
    private void Numeric(char kind, string flags, int? width, int? precision)
    {
        string? argument = Take();
        bool isFloat = kind is not ('d' or 'i' or 'u' or 'x' or 'X' or 'o');
        if (!isFloat)
        {
            bool isUnsigned = kind is not ('d' or 'i') && argument is not null && CNumbers.IsUnsigned(argument);
            _text.Append(CNumbers.Integer(isUnsigned ? unchecked((long)CNumbers.Unsigned(argument!)) : Integer(argument), kind, flags, width ?? 0, precision));
            return;
        }

        double value = 0;
        if (argument is ['\'' or '"', var letter, ..])
        {
            value = letter;
        }
        else if (!string.IsNullOrEmpty(argument) && !CNumbers.TryDouble(argument, out value))
        {
            Errors.Add($"{argument}: invalid number");
        }

        string format = $"%{flags}{(width is { } w ? w.ToString(CultureInfo.InvariantCulture) : "")}{(precision is { } p ? "." + p.ToString(CultureInfo.InvariantCulture) : "")}{kind}";
        _text.Append(AwkFormat.Apply(format, [AwkValue.Of(value)], "%.6g"));
    }

    private long Integer(string? argument)
    {
        if (string.IsNullOrEmpty(argument))
        {
            return 0;
        }

        if (argument[0] is '\'' or '"')
        {
            string letter = Characters.Of(argument[1..]);
            return letter.Length > 0 ? char.ConvertToUtf32(letter, 0) : 0;
        }

        if (!CNumbers.TryInteger(argument, out long value, out bool isRange))
        {
            Errors.Add(isRange ? $"warning: {argument}: Numerical result out of range" : $"{argument}: invalid {(argument.Length > 1 && argument[0] == '0' ? "octal number" : "number")}");
        }

        return value;
    }

    private static string Cut(string text, int? precision) => precision is { } most && most < text.Length ? text[..most] : text;

    private void Pad(string text, string flags, int? width)
    {
        int size = width ?? 0;
        _text.Append(flags.Contains('-', StringComparison.Ordinal) ? text.PadRight(size) : text.PadLeft(size));
    }
}
