namespace Blackwall.Tui.Api;

/// <summary>One server-sent event; an event without data is none.</summary>
internal sealed record StreamItem(string? Id, string Kind, string Data);
