using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>How long a command lasts and what it costs, as "time" reports it (bash(1), TIMEFORMAT).</summary>
internal sealed class CommandTimes(ShellState state)
{
    private const string Usual = "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS";
    private const string Portable = "real %2R\nuser %2U\nsys %2S";

    // Of what a session costs, so much is told as the kernel's.
    private const double SystemShare = 0.3;

    private readonly long _begun = state.Visit.Machine.Time.GetTimestamp();
    private readonly TimeSpan _used = state.Budget.Used;

    /// <param name="isPortable">As "time -p" does.</param>
    public string Report(bool isPortable)
    {
        TimeSpan real = state.Visit.Machine.Time.GetElapsedTime(_begun), used = state.Budget.Used - _used;
        used = used < real ? used : real;
        string format = isPortable ? Portable : state.Find("TIMEFORMAT") ?? Usual;
        return format.Length == 0 ? "" : Fill(format, real, used * (1 - SystemShare), used * SystemShare) + "\n";
    }

    private static string Fill(string format, TimeSpan real, TimeSpan user, TimeSpan system)
    {
        StringBuilder text = new();
        for (int at = 0; at < format.Length; at++)
        {
            int end = at + 1;
            if (format[at] != '%' || end == format.Length)
            {
                text.Append(format[at]);
                continue;
            }

            int precision = 3;
            if (char.IsAsciiDigit(format[end]))
            {
                precision = Math.Min(format[end++] - '0', 3);
            }

            bool isLong = end < format.Length && format[end] == 'l';
            end += isLong ? 1 : 0;
            char kind = end < format.Length ? format[end] : '\0';
            text.Append(kind switch
            {
                '%' => "%",
                'R' => Shown(real, precision, isLong),
                'U' => Shown(user, precision, isLong),
                'S' => Shown(system, precision, isLong),
                'P' => string.Create(CultureInfo.InvariantCulture, $"{(real > TimeSpan.Zero ? (user + system) / real * 100 : 0):0.00}"),
                _ => format[at..Math.Min(end + 1, format.Length)],
            });
            at = end;
        }

        return text.ToString();
    }

    private static string Shown(TimeSpan time, int precision, bool isLong)
    {
        double seconds = Math.Floor(time.TotalSeconds * Math.Pow(10, precision)) / Math.Pow(10, precision);
        long minutes = isLong ? (long)(seconds / 60) : 0;
        string rest = (seconds - (minutes * 60)).ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return isLong ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{rest}s") : rest;
    }
}
