using System.Globalization;
using System.Text.RegularExpressions;
using Blackwall.Events;

namespace Blackwall.Notifications;

/// <summary>Text with the names of a notification's values in braces. Pure.</summary>
internal static partial class NotificationTemplate
{
    /// <summary>What may stand in braces.</summary>
    public static readonly IReadOnlyList<string> Names = ["host", "kind", "time", "text", "address", "verdict", "reason", "until", "evidence", "id"];

    /// <summary>A name that is none, or null.</summary>
    public static string? Unknown(string template) => Name().Matches(template).Select(match => match.Groups["name"].Value).FirstOrDefault(name => !Names.Contains(name, StringComparer.Ordinal));

    /// <summary>One line, whatever the values hold.</summary>
    public static string Fill(string template, Notification notification, string host) => OneLine.Clean(Name().Replace(template, match => match.Groups["name"].Value switch
    {
        "host" => host,
        "kind" => Word(notification.Kind),
        "time" => notification.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        "text" => notification.Sentence,
        "address" => notification.Address,
        "verdict" => notification.Verdict,
        "reason" => notification.Reason,
        "until" => notification.Until,
        "evidence" => notification.Evidence,
        _ => notification.Id.ToString(CultureInfo.InvariantCulture),
    }));

    public static string Word(NotificationKind kind) => kind switch
    {
        NotificationKind.Block => "block",
        NotificationKind.Lift => "lift",
        NotificationKind.Fault => "fault",
        NotificationKind.Change => "change",
        _ => "test",
    };

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
