using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Detection;

/// <summary>Which peers are held instead of answered: none, those that only look, or all of SSH and HTTP.</summary>
internal sealed class ScannerHold(string mode, HeldConnections held)
{
    public HeldConnections Held => held;

    public ScannerMemory Memory { get; } = new();

    /// <summary>Holds a connection if it is one to hold. True: the socket is not the caller's any more.</summary>
    public bool TryHold(IService service, Socket socket, IPAddress address, Func<ISessionLog> begin, Action end)
    {
        bool isWanted = service.Protocol is "ssh" or "http" && mode switch
        {
            TarpitSettings.HoldAll => true,
            TarpitSettings.HoldLooking => Memory.OnlyLooks(address),
            _ => false,
        };
        if (isWanted)
        {
            ISessionLog log = begin();
            log.Record(new Observation(ObservationKinds.Limit) { Name = "held-scanner" });
            held.Hold(socket, service.Protocol is "http", log, end);
        }

        return isWanted;
    }
}
