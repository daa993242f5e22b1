using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>HASSH: MD5 over key exchange, cipher, MAC and compression names in one direction.</summary>
internal static class Hassh
{
    public static string AlgorithmsOfClient(KexInit client) =>
        $"{string.Join(',', client.Kex)};{string.Join(',', client.CiphersIn)};{string.Join(',', client.MacsIn)};{string.Join(',', client.CompressionIn)}";

    public static string AlgorithmsOfServer(KexInit server) =>
        $"{string.Join(',', server.Kex)};{string.Join(',', server.CiphersOut)};{string.Join(',', server.MacsOut)};{string.Join(',', server.CompressionOut)}";

    /// <summary>32 hexadecimal digits, lower case.</summary>
    public static string Compute(string algorithms) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(algorithms)));
}
