using System.Net;

namespace Blackwall.Tarpit.Sessions;

/// <summary>The database server of the machine, as a client on the machine itself reaches it: the same data that the network sees. Thread-safe.</summary>
internal interface IMachineDatabase
{
    /// <summary>Logs in; null: the error says why not.</summary>
    /// <param name="source">Whose copy of the data it is.</param>
    /// <param name="isSocket">Over the socket as root of the machine: no password is asked.</param>
    IDatabaseShell? Open(IPAddress source, string user, string? password, bool isSocket, out string error);
}
