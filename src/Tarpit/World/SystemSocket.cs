namespace Blackwall.Tarpit.World;

/// <summary>A socket.</summary>
/// <param name="Protocol">"tcp" or "udp".</param>
/// <param name="State">As ss writes it.</param>
/// <param name="Local">Address and port.</param>
/// <param name="Peer">Address and port; "0.0.0.0:*": nobody yet.</param>
/// <param name="Program">Name of the program that has it.</param>
internal sealed record SystemSocket(string Protocol, string State, string Local, string Peer, int Process, string Program)
{
    public int Port => int.TryParse(Local[(Local.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture, out int port) ? port : 0;
}
