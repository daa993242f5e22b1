namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>What becomes of an attempt to connect.</summary>
internal enum Reach
{
    /// <summary>It stands.</summary>
    Connected,

    /// <summary>The host has no address (EAI_AGAIN: no name server answers).</summary>
    UnknownName,

    /// <summary>The host is there and nothing listens at the port (ECONNREFUSED).</summary>
    Refused,

    /// <summary>The host does not answer to its address (EHOSTUNREACH).</summary>
    NoRoute,

    /// <summary>The program had waited as long as it wanted to.</summary>
    TimedOut,
}
