using System.Globalization;
using System.Text;

namespace Blackwall.Siem.Formats;

/// <summary>Syslog messages of RFC 5424, facility local0. Pure.</summary>
internal static class SyslogWriter
{
    private const int Local0 = 16;
    private const int MaxHost = 255;

    /// <summary>A message, without framing.</summary>
    /// <param name="happened">The event, for the header.</param>
    /// <param name="host">Name of this machine.</param>
    /// <param name="text">The message: one line.</param>
    public static byte[] Write(SiemEvent happened, string host, string text)
    {
        int severity = happened.Severity switch { >= 8 => 2, >= 6 => 3, >= 4 => 4, >= 2 => 5, _ => 6 };
        string time = happened.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<{(Local0 * 8) + severity}>1 {time} {Word(host, MaxHost)} blackwall - {Word(happened.Kind, 32)} - {text}"));
    }

    // Header fields are printable ASCII without blanks; "-" where nothing is left.
    private static string Word(string text, int most)
    {
        string word = string.Concat(text.Where(letter => letter is > ' ' and < '\x7f'));
        return word.Length == 0 ? "-" : word[..Math.Min(most, word.Length)];
    }
}
