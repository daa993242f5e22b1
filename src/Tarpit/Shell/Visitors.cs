using System.Net;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell;

/// <summary>Visitors by address: each finds the files as that address left them. The oldest are forgotten first. Thread-safe.</summary>
internal sealed class Visitors(Machine machine, TarpitSettings settings, Improviser? improviser = null)
{
    private const int MostRemembered = 512;

    private readonly Improviser _improviser = improviser ?? new Improviser(null, ImprovisationLimits.For(settings), machine.Time);
    private readonly Lock _lock = new();
    private readonly FolderNode _tree = BaseTree.Build(machine, settings.HasAgentBait);
    private readonly Dictionary<IPAddress, (FileSystem Files, VisitorMemory Memory)> _known = [];
    private readonly Queue<IPAddress> _order = new();

    /// <summary>Begins a visit.</summary>
    public IHost LogIn(IPEndPoint remote, IPEndPoint local, string user)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(remote.Address, out var own))
            {
                if (_order.Count == MostRemembered)
                {
                    _known.Remove(_order.Dequeue());
                }

                own = (new FileSystem(_tree, machine.Time, settings.MaxVisitorBytes), new VisitorMemory());
                _known[remote.Address] = own;
                _order.Enqueue(remote.Address);
            }

            return new Visit(machine, own.Files, user, remote, local, own.Memory, settings) { Improviser = _improviser };
        }
    }
}
