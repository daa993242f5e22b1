namespace Blackwall.Notifications;

/// <summary>What is posted to a webhook.</summary>
/// <param name="Kind">block, lift, fault, change or test.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Subject">notify.subject, filled.</param>
/// <param name="Text">notify.text, filled.</param>
/// <param name="Address">Address or prefix; empty: none.</param>
/// <param name="Verdict">drop, redirect or rate-limit; empty: none.</param>
/// <param name="Reason">Machine word.</param>
/// <param name="Until">Time in UTC, or "never".</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Id">The decision or change; 0: none.</param>
internal sealed record NotificationBody(string Kind, string Host, DateTimeOffset Time, string Subject, string Text, string Address, string Verdict, string Reason, string Until, string Evidence, long Id);
