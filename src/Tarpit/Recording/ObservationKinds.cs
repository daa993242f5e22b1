namespace Blackwall.Tarpit.Recording;

/// <summary>Kinds of observations.</summary>
public static class ObservationKinds
{
    public const string Connect = "connect";
    public const string ClientVersion = "client-version";
    public const string ClientKex = "client-kex";
    public const string Login = "login";
    public const string PublicKey = "public-key";
    public const string Terminal = "terminal";
    public const string TerminalSize = "terminal-size";
    public const string Environment = "environment";
    public const string Command = "command";
    public const string UnknownCommand = "unknown-command";
    public const string Forward = "forward";
    public const string ForwardData = "forward-data";
    public const string Upload = "upload";
    public const string Download = "download";
    public const string Request = "request";

    /// <summary>A request that does what nobody does by accident: <see cref="Observation.Name"/> says what.</summary>
    public const string Exploit = "exploit";

    /// <summary>Orders to a language model in what the peer sent: <see cref="Observation.Name"/> has the families, <see cref="Observation.Value"/> the score of 0..100, <see cref="Observation.Method"/> where they stood.</summary>
    public const string Injection = "injection";

    /// <summary>The peer seems to be led by a language model: <see cref="Observation.Name"/> says why, "bait" or "timing".</summary>
    public const string Agent = "agent";
    public const string Subsystem = "subsystem";
    public const string Limit = "limit";
    public const string Close = "close";

    public static IReadOnlyList<string> All { get; } =
    [
        Connect, ClientVersion, ClientKex, Login, PublicKey, Terminal, TerminalSize, Environment, Command, UnknownCommand, Forward, ForwardData, Upload,
        Download, Request, Exploit, Injection, Agent, Subsystem, Limit, Close,
    ];
}
