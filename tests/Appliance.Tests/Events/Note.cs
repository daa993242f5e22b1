namespace Blackwall.Tests.Events;

/// <summary>What the tests tell.</summary>
internal sealed record Note(int Number);
