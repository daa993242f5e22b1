using System.Buffers.Binary;
using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>
/// Reads remote logins out of a utmp file (utmp(5)): 384 bytes a record on every 64-bit Linux. Only a login that succeeded is there;
/// a connection to sshd alone is no management session, since an attacker who guesses passwords has those too. Pure.
/// </summary>
internal static class LoginRecords
{
    public const int RecordSize = 384;
    private const short UserProcess = 7;
    private const int ProcessOffset = 4;
    private const int UserOffset = 44;
    private const int UserSize = 32;
    private const int AddressOffset = 348;

    public static List<(int Process, string User, Address Peer)> Read(ReadOnlySpan<byte> file)
    {
        List<(int, string, Address)> peers = [];
        for (; file.Length >= RecordSize; file = file[RecordSize..])
        {
            ReadOnlySpan<byte> address = file.Slice(AddressOffset, 16);
            if (BinaryPrimitives.ReadInt16LittleEndian(file) != UserProcess || !address.ContainsAnyExcept((byte)0))
            {
                continue;
            }

            // An IPv4 address fills the first of the four words and leaves the others zero.
            bool isV4 = !address[4..].ContainsAnyExcept((byte)0);
            string user = Encoding.UTF8.GetString(file.Slice(UserOffset, UserSize)).TrimEnd('\0');
            peers.Add((BinaryPrimitives.ReadInt32LittleEndian(file[ProcessOffset..]), user, Address.FromBytes(isV4 ? address[..4] : address)));
        }

        return peers;
    }
}
