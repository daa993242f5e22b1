namespace Blackwall.Intel;

/// <summary>What is used of an event that tells of a session in the tarpit.</summary>
/// <param name="Source">Address of the peer.</param>
/// <param name="Hassh">HASSH of an SSH client.</param>
/// <param name="User">Who it was let in as; null: nobody.</param>
/// <param name="Files">SHA-256 of files that it brought.</param>
/// <param name="Ended">Null: it goes on.</param>
internal sealed record SessionFact(string? Source, string? Hassh, string? User, IReadOnlyList<string>? Files, DateTimeOffset? Ended);
