namespace Blackwall.Bridges.Mesh;

/// <summary>What the mesh tells the log; ids 3900..3999.</summary>
internal static partial class MeshLog
{
    [LoggerMessage(3900, LogLevel.Information, "The mesh runs as {Peer}, at {Addresses}")]
    public static partial void Started(ILogger logger, string peer, string addresses);

    [LoggerMessage(3901, LogLevel.Error, "The mesh cannot start: {Why}")]
    public static partial void NotStarted(ILogger logger, string why);

    [LoggerMessage(3902, LogLevel.Information, "Mesh: {Value} from {Before} to {After}, weight {Weight}")]
    public static partial void Decided(ILogger logger, string value, string before, string after, string weight);

    [LoggerMessage(3903, LogLevel.Warning, "Mesh: {Peer} is silenced: {Offence}")]
    public static partial void Offended(ILogger logger, string peer, string offence);

    [LoggerMessage(3904, LogLevel.Debug, "Mesh: {Problem}")]
    public static partial void Problem(ILogger logger, string problem);

    [LoggerMessage(3906, LogLevel.Warning, "Mesh: {Problem}")]
    public static partial void FileProblem(ILogger logger, string problem);

    [LoggerMessage(3905, LogLevel.Information, "Mesh: {Value} is not acted on: {Why}")]
    public static partial void Refused(ILogger logger, string value, string why);
}
