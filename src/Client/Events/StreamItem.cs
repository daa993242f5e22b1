namespace Blackwall.Client.Events;

/// <summary>One server-sent event; an event without data is none.</summary>
public sealed record StreamItem(string? Id, string Kind, string Data);
