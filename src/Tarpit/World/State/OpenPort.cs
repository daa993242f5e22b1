namespace Blackwall.Tarpit.World.State;

/// <summary>A port that a program of the visitor listens at.</summary>
/// <param name="Protocol">"tcp" or "udp".</param>
/// <param name="Address">"0.0.0.0", "127.0.0.1", "[::]" or "*".</param>
/// <param name="Backlog">As ss shows it (Send-Q).</param>
internal sealed record OpenPort(string Protocol, string Address, int Port, int Process, string Program, int Backlog)
{
    /// <summary>Takes the other end of a connection; false: nobody is there to take it.</summary>
    public Func<Stream, bool>? Arrive { get; init; }
}
