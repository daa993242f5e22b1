using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.World;

/// <summary>The host keys below /etc/ssh: public ones as the SSH server shows them, and private ones of the right form with which nobody can do anything.</summary>
internal static class HostKeyFiles
{
    private const int LineLength = 70;

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        foreach ((string kind, byte[] blob) in machine.HostKeys ?? Invented(machine))
        {
            tree.Text($"/etc/ssh/ssh_host_{kind}_key", Private(machine, kind, blob), 0x180, modified: machine.SetUp);
            tree.Text($"/etc/ssh/ssh_host_{kind}_key.pub", $"{Name(kind)} {Convert.ToBase64String(blob)} root@{machine.HostName}\n", modified: machine.SetUp);
        }
    }

    /// <summary>The public key of a kind as files have it, without a comment; null: there is none.</summary>
    public static string? Public(Machine machine, string kind) => (machine.HostKeys ?? Invented(machine)).FirstOrDefault(key => string.Equals(key.Kind, kind, StringComparison.Ordinal)).Blob is { } blob ? $"{Name(kind)} {Convert.ToBase64String(blob)}" : null;

    private static string Name(string kind) => kind switch { "rsa" => "ssh-rsa", "ecdsa" => "ecdsa-sha2-nistp256", _ => "ssh-ed25519" };

    // A machine without a server, as tests have it.
    private static IReadOnlyList<(string Kind, byte[] Blob)> Invented(Machine machine)
    {
        byte[] modulus = [0, .. Long(machine, "host-rsa", 384)];
        modulus[1] |= 0x80;
        return
        [
            ("rsa", Join(Encoding.ASCII.GetBytes("ssh-rsa"), [1, 0, 1], modulus)),
            ("ecdsa", Join(Encoding.ASCII.GetBytes("ecdsa-sha2-nistp256"), Encoding.ASCII.GetBytes("nistp256"), [4, .. machine.Bytes("host-ecdsa", 64)])),
            ("ed25519", Join(Encoding.ASCII.GetBytes("ssh-ed25519"), machine.Bytes("host-ed25519", 32))),
        ];
    }

    private static byte[] Long(Machine machine, string name, int length)
    {
        const int part = 32;
        return [.. Enumerable.Range(0, (length + part - 1) / part).SelectMany(n => machine.Bytes(name + n.ToString(System.Globalization.CultureInfo.InvariantCulture), part)).Take(length)];
    }

    // The container of OpenSSH, without a password. The secret numbers are others than those of the key.
    private static string Private(Machine machine, string kind, byte[] blob)
    {
        List<byte[]> parts = Parts(blob);
        byte[] Number(string name, int length)
        {
            byte[] number = Long(machine, "decoy" + kind + name, length);
            number[0] = (byte)((number[0] & 0x7F) | 0x40);
            return number;
        }

        byte[] secret = kind switch
        {
            "rsa" => Join(parts[0], parts[2], parts[1], Number("d", 384), Number("iqmp", 192), [0, .. Number("p", 192)], [0, .. Number("q", 192)]),
            "ecdsa" => Join(parts[0], parts[1], parts[2], Number("d", 32)),
            _ => Join(parts[0], parts[1], [.. machine.Bytes("decoyed25519", 32), .. parts[1]]),
        };
        byte[] check = machine.Bytes("decoy-check" + kind, 4);
        List<byte> inner = [.. check, .. check, .. secret, .. Join(Encoding.ASCII.GetBytes("root@" + machine.HostName))];
        for (byte pad = 1; inner.Count % 8 != 0; pad++)
        {
            inner.Add(pad);
        }

        byte[] one = [0, 0, 0, 1];
        byte[] all = [.. "openssh-key-v1\0"u8, .. Join("none"u8.ToArray(), "none"u8.ToArray(), []), .. one, .. Join(blob, [.. inner])];
        return $"-----BEGIN OPENSSH PRIVATE KEY-----\n{string.Concat(Convert.ToBase64String(all).Chunk(LineLength).Select(line => new string(line) + "\n"))}-----END OPENSSH PRIVATE KEY-----\n";
    }

    private static byte[] Join(params IEnumerable<byte[]> parts)
    {
        List<byte> all = [];
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (byte[] part in parts)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            all.AddRange(length);
            all.AddRange(part);
        }

        return [.. all];
    }

    private static List<byte[]> Parts(byte[] blob)
    {
        List<byte[]> parts = [];
        for (int at = 0; at + sizeof(int) <= blob.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(blob.AsSpan(at));
            parts.Add(blob[(at + sizeof(int))..(at + sizeof(int) + length)]);
            at += sizeof(int) + length;
        }

        return parts;
    }
}
