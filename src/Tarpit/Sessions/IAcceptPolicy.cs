using System.Net;

namespace Blackwall.Tarpit.Sessions;

/// <summary>Which credentials let a peer in. Thread-safe.</summary>
internal interface IAcceptPolicy
{
    bool Accepts(IPAddress source, string user, string password);
}
