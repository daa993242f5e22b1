namespace Blackwall.Sessions;

/// <summary>One thing that happened in a session of the tarpit. What a kind does not have is null. All text is the attacker's.</summary>
/// <param name="Time">When the appliance heard of it.</param>
/// <param name="Kind">What it is: "connect", "login", "command" and so on.</param>
/// <param name="Protocol">Of a connect: "ssh".</param>
/// <param name="Source">Of a connect: address and port of the peer.</param>
/// <param name="Destination">Of a connect: address and port that the peer asked for.</param>
/// <param name="User">Of a login or a key.</param>
/// <param name="Secret">Password of a login.</param>
/// <param name="Method">Of a login: "password", "publickey", "form" and so on; of a request: its method.</param>
/// <param name="Success">Whether a login was let in.</param>
/// <param name="Text">What was typed, asked for or announced.</param>
/// <param name="Name">Of a file, variable, algorithm or program.</param>
/// <param name="Value">Of a variable; a key in Base64.</param>
/// <param name="Sha256">Of a file or a key.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="Host">Where a forward or download would go.</param>
/// <param name="Port">Its port.</param>
/// <param name="Columns">Width of a terminal.</param>
/// <param name="Rows">Height of a terminal.</param>
/// <param name="Received">Of a close: bytes that the peer sent.</param>
/// <param name="Sent">Of a close: bytes that the peer got.</param>
/// <param name="Status">Of a request: status of the answer.</param>
public sealed record SessionEvent(
    DateTimeOffset Time,
    string Kind,
    string? Protocol = null,
    string? Source = null,
    string? Destination = null,
    string? User = null,
    string? Secret = null,
    string? Method = null,
    bool? Success = null,
    string? Text = null,
    string? Name = null,
    string? Value = null,
    string? Sha256 = null,
    long? Size = null,
    string? Host = null,
    int? Port = null,
    int? Columns = null,
    int? Rows = null,
    long? Received = null,
    long? Sent = null,
    int? Status = null);
