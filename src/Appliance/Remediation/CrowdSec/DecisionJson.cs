using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Blackwall.Remediation.CrowdSec;

/// <summary>Writes a block as a decision of CrowdSec's local API.</summary>
internal static class DecisionJson
{
    /// <summary>What a block without an end is told to last; it is told again before that.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromDays(365);

    public static void Write(Utf8JsonWriter json, Block block, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("duration", Duration(block.Until is { } until ? until - now : Endless));
        json.WriteNumber("id", block.Id);
        json.WriteString("origin", block.Origin);
        json.WriteString("scenario", $"blackwall/{block.Reason}");
        json.WriteString("scope", block.Scope.IsHost ? "Ip" : "Range");
        json.WriteString("type", "ban");
        json.WriteString("value", block.Scope.ToString());
        json.WriteEndObject();
    }

    /// <summary>As Go writes it: "3h59m58.123s", "-1m0s".</summary>
    public static string Duration(TimeSpan time)
    {
        StringBuilder text = new(time < TimeSpan.Zero ? "-" : "");
        time = time.Duration();
        long hours = (long)time.TotalHours;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (time >= TimeSpan.FromMinutes(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.Minutes}m");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{time.Seconds + (time.Milliseconds / 1000.0):0.###}s").ToString();
    }
}
