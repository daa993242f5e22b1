namespace Blackwall.Tarpit.Http.Wire;

/// <summary>One header field: its name as it was written, and its value without the spaces around it; Latin-1.</summary>
internal readonly record struct HeaderField(string Name, string Value);
