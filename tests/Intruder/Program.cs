using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Blackwall.Kernel.Confinement;

namespace Blackwall.Intruder;

/// <summary>
/// An attacker who runs code of his own in the place of the tarpit: confined as the tarpit is, or free, to show what it would be otherwise. Arguments:
/// "confined" or "free", the folder of the host's state, MiB of the state folder.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        bool isConfined = args[0] is "confined";
        if (isConfined && !ConfinedStart.IsEntered)
        {
            ConfinedStart.Enter(typeof(Attempts).Assembly.Location, args, inherited: 1, user: 64_712, long.Parse(args[2], CultureInfo.InvariantCulture) << 20, 512L << 20);
        }

        // What is made once and needs a socket, as the tarpit does it before it is sealed.
        _ = Socket.OSSupportsIPv6;
        _ = Socket.OSSupportsIPv4;
        using Socket channel = new(new SafeSocketHandle(3, ownsHandle: true));
        string? failure = isConfined ? ConfinedStart.Seal() : null;
        foreach ((string name, string result) in Attempts.All(args[1], isConfined).Prepend(("seal", failure ?? "done")))
        {
            await channel.SendAsync(JsonSerializer.SerializeToUtf8Bytes<string[]>([name, result]), SocketFlags.None);
        }

        return 0;
    }
}
