using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Connections;

namespace Blackwall.Api.Connections;

/// <summary>A connection, and whether a request over it showed a key.</summary>
internal sealed class ConnectionTicket(ConnectionGate gate, ConnectionContext connection, Prefix source)
{
    /// <summary>Address, or /64 of IPv6, that it came from.</summary>
    public Prefix Source => source;

    public bool IsProven { get; set; }

    /// <summary>Id of the key that it was proven with.</summary>
    public long Key { get; set; }

    public ITimer? Deadline { get; set; }

    /// <summary>A request over it showed a key that is good.</summary>
    public void Prove(long key) => gate.Prove(this, key);

    public void Close(string why) => connection.Abort(new ConnectionAbortedException(why));
}
