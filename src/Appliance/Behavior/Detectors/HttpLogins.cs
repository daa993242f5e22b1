using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>Brings credentials in a request together with what the web server answers to them (RFC 9110 §11.6, §15.5).</summary>
internal sealed class HttpLogins(BruteForceDetector logins)
{
    private readonly LoginRequests _requests = new(Mixer.NewSeed());

    public void OnSign(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
        RequestKey flow = new(sign.Source, sign.RemotePort, sign.LocalPort);
        if (sign.Kind == SignKind.Request)
        {
            if (_requests.OnOther(in flow, now))
            {
                BruteForceDetector.OnTaken(subject, sign.LocalPort);
            }
        }
        else if (sign.Kind == SignKind.Credentials && _requests.OnCredentials(in flow, sign.Thing, sign.Class, now))
        {
            logins.OnRefused(subject, sign.LocalPort, sign.Thing, sign.Class, now, findings);
        }
    }

    /// <summary>The server answered with an error.</summary>
    /// <returns>Whether it was the answer to credentials.</returns>
    public bool OnError(Subject subject, in PacketEvent packet, IFindings findings)
    {
        RequestKey flow = new(packet.Remote.ToAddress(), packet.RemotePort, packet.LocalPort);
        if (packet.Length is not (401 or 403 or (401 | PacketEvent.StaleStatus)) || !_requests.OnRefused(in flow, packet.TimeNanoseconds, out uint credentials, out EvidenceClass evidenceClass))
        {
            return false;
        }

        // A nonce that has run out says nothing of the password (RFC 7616 §3.3).
        if ((packet.Length & PacketEvent.StaleStatus) == 0)
        {
            logins.OnRefused(subject, packet.LocalPort, credentials, evidenceClass, packet.TimeNanoseconds, findings);
        }

        return true;
    }
}
