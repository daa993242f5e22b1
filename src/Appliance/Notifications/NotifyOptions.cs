using System.Net;
using Blackwall.Config;

namespace Blackwall.Notifications;

/// <summary>[notify]: who is told of what, and how.</summary>
public sealed class NotifyOptions
{
    private static readonly string[] s_kinds = ["block", "lift", "fault", "change"];

    /// <summary>What is told: block, lift, fault, change.</summary>
    public IReadOnlyList<string> On { get; set; } = ["fault", "change"];

    /// <summary>Notifications a minute; what comes beyond is counted and told together. 1..600.</summary>
    public int PerMinute { get; set; } = 10;

    /// <summary>Template of a subject.</summary>
    public string Subject { get; set; } = "Blackwall on {host}: {kind} {address}";

    /// <summary>Template of the text.</summary>
    public string Text { get; set; } = "{text}";

    /// <summary>Where JSON is posted to; null: nowhere.</summary>
    public Uri? Webhook { get; set; }

    /// <summary>Signs what is posted; null: not signed.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Path of a socket, or "udp:ADDRESS:PORT"; empty: none.</summary>
    public string Syslog { get; set; } = "";

    /// <summary>Addresses of people.</summary>
    public IReadOnlyList<string> MailTo { get; set; } = [];

    public string MailFrom { get; set; } = "blackwall@localhost";

    /// <summary>Program that takes a message on standard input.</summary>
    public string Sendmail { get; set; } = "/usr/sbin/sendmail";

    /// <summary>Where datagrams of syslog go; null: to the socket of this machine, or nowhere.</summary>
    internal IPEndPoint? SyslogPoint => Syslog.StartsWith("udp:", StringComparison.Ordinal) ? IPEndPoint.Parse(Syslog.AsSpan(4)) : null;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<NotifyOptions>("notify", "Who is told of decisions and faults, and how.", new NotifyOptions())
            .List("on", "What is told: block (the appliance drops, redirects or limits a source), lift, fault (a part of the appliance is unwell), change (mode or rules on trial, confirmed or taken back).", o => o.On, (o, v) =>
            {
                o.On = v;
                return v.FirstOrDefault(word => !s_kinds.Contains(word, StringComparer.Ordinal)) is { } wrong ? $"must be a list of {string.Join(", ", s_kinds)}; '{wrong}' is none" : null;
            })
            .Integer("per_minute", "Notifications a minute; what comes beyond is counted and told in one.", 1, 600, o => o.PerMinute, (o, v) => o.PerMinute = (int)v)
            .Text("subject", $"Subject of a mail; in braces: {string.Join(", ", NotificationTemplate.Names)}.", o => o.Subject, (o, v) => SetTemplate(v, text => o.Subject = text))
            .Text("text", "Text of a notification, with the same names in braces.", o => o.Text, (o, v) => SetTemplate(v, text => o.Text = text))
            .Text("webhook", "URL that each notification is posted to as JSON: https, or http on loopback.", o => o.Webhook?.ToString(), SetWebhook)
            .Text("webhook_secret", "Secret that signs what is posted: X-Blackwall-Signature is \"v1=\" and the HMAC-SHA256, in hexadecimal, of X-Blackwall-Timestamp, a dot and the body.", o => o.WebhookSecret, (o, v) =>
            {
                o.WebhookSecret = v.Length == 0 ? null : v;
                return v.Length is 0 or >= 16 ? null : "must have at least 16 characters";
            })
            .Text("syslog", "Where RFC 5424 messages go: the path of a socket such as \"/dev/log\", or \"udp:ADDRESS:PORT\"; empty: nowhere.", o => o.Syslog, (o, v) =>
            {
                o.Syslog = v;
                return v.Length == 0 || v.StartsWith('/') || (v.StartsWith("udp:", StringComparison.Ordinal) && IPEndPoint.TryParse(v.AsSpan(4), out IPEndPoint? point) && point.Port != 0) ? null : "must be an absolute path or \"udp:ADDRESS:PORT\"";
            })
            .List("mail_to", "Mail addresses, at most 16.", o => o.MailTo, (o, v) =>
            {
                o.MailTo = v;
                return v.Count <= 16 && v.All(IsMailAddress) ? null : "must be a list of at most 16 mail addresses";
            })
            .Text("mail_from", "Sender of mails.", o => o.MailFrom, (o, v) =>
            {
                o.MailFrom = v;
                return IsMailAddress(v) ? null : "must be a mail address";
            })
            .Text("sendmail", "Absolute path of the program that takes a mail on standard input.", o => o.Sendmail, (o, v) =>
            {
                o.Sendmail = v;
                return v.StartsWith('/') ? null : "must be an absolute path";
            })
            .LiveExcept(),
    ];

    // Strict on purpose: the address becomes a header, and an argument of nothing.
    private static bool IsMailAddress(string text) =>
        text.Length is > 2 and <= 254 && text[0] is not '-' && text.IndexOf('@', StringComparison.Ordinal) is > 0 and int at && at < text.Length - 1
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '-' or '_' or '+') && text.Count(c => c == '@') == 1;

    private static string? SetTemplate(string text, Action<string> set)
    {
        set(text);
        return text.Length > 1000 ? "must have at most 1000 characters"
            : NotificationTemplate.Unknown(text) is { } unknown ? $"must have in braces one of {string.Join(", ", NotificationTemplate.Names)}; '{unknown}' is none" : null;
    }

    private static string? SetWebhook(NotifyOptions options, string text)
    {
        if (text.Length == 0)
        {
            options.Webhook = null;
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.UserInfo.Length > 0 || !(url.Scheme is "https" || (url.Scheme is "http" && url.IsLoopback)))
        {
            return "must be an https URL, or http on loopback";
        }

        options.Webhook = url;
        return null;
    }
}
