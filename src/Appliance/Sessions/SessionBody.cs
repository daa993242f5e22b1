namespace Blackwall.Sessions;

/// <summary>A session of the tarpit.</summary>
/// <param name="Id">Twelve hexadecimal digits.</param>
/// <param name="Protocol">What it spoke: "ssh".</param>
/// <param name="Source">Address of the peer.</param>
/// <param name="SourcePort">Port of the peer.</param>
/// <param name="Destination">Address that the peer asked for.</param>
/// <param name="DestinationPort">Port that the peer asked for.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; null: it goes on.</param>
/// <param name="Client">What the client's software says it is.</param>
/// <param name="Hassh">HASSH of an SSH client.</param>
/// <param name="User">Who it is logged in as; null: nobody was let in.</param>
/// <param name="Logins">Credentials that were tried.</param>
/// <param name="Commands">Command lines that were typed.</param>
/// <param name="Files">SHA-256 of files that it brought, without repeats; at most 256.</param>
/// <param name="Events">Things that happened in it.</param>
/// <param name="Received">Bytes that the peer sent; known at the end.</param>
/// <param name="Sent">Bytes that the peer got; known at the end.</param>
public sealed record SessionBody(
    string Id,
    string Protocol,
    string Source,
    int SourcePort,
    string Destination,
    int DestinationPort,
    DateTimeOffset Started,
    DateTimeOffset? Ended,
    string? Client,
    string? Hassh,
    string? User,
    int Logins,
    int Commands,
    IReadOnlyList<string> Files,
    int Events,
    long? Received,
    long? Sent);
