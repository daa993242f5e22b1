using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Ssh;

/// <summary>What the connection protocol of one client works with, from the login on.</summary>
/// <param name="Host">The machine that the user believes to be on.</param>
/// <param name="End">Ends every program of the connection.</param>
internal sealed record SshSession(SshServer Server, SshTransport Transport, ISessionLog Log, IHost Host, CancellationToken End)
{
    private bool _hasAgent;

    /// <summary>False: an agent is forwarded already.</summary>
    public bool TryBeginAgent()
    {
        bool isFirst = !_hasAgent;
        _hasAgent = true;
        return isFirst;
    }
}
