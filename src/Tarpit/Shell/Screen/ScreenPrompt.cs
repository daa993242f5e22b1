using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>A line that is asked for at the bottom of the screen.</summary>
internal static class ScreenPrompt
{
    private const int Longest = 1000;

    /// <summary>Null: it was given up.</summary>
    public static async ValueTask<string?> ReadAsync(ScreenKeys keys, string begin)
    {
        StringBuilder text = new();
        while (true)
        {
            await keys.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\x1b[{keys.Size.Rows};1H\x1b[K{begin}{text}"));
            switch (await keys.ReadAsync())
            {
                case null or ScreenKeys.Escape or 3:
                    return null;
                case '\r' or '\n':
                    return text.ToString();
                case 8 or 127 when text.Length == 0:
                    return null;
                case 8 or 127:
                    text.Length--;
                    break;
                case >= 32 and < 256 and var key when text.Length < Longest:
                    text.Append((char)key);
                    break;
            }
        }
    }
}
