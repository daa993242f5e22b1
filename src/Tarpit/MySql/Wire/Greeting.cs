namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>The first packet of the server: HandshakeV10.</summary>
internal static class Greeting
{
    public const int SaltLength = 20;

    private const int FirstSalt = 8;
    private const int Utf8Mb4 = 255;
    private const int Autocommit = 2;

    /// <param name="salt">20 bytes, none of them 0 or '$'.</param>
    public static MySqlWriter Write(string version, uint connection, ReadOnlySpan<byte> salt, string plugin) => new MySqlWriter()
        .UInt8(10)
        .Terminated(version)
        .UInt32(connection)
        .Bytes(salt[..FirstSalt])
        .UInt8(0)
        .UInt16((int)((uint)Capabilities.Server & 0xFFFF))
        .UInt8(Utf8Mb4)
        .UInt16(Autocommit)
        .UInt16((int)((uint)Capabilities.Server >> 16))
        .UInt8(SaltLength + 1)
        .Zeros(10)
        .Bytes(salt[FirstSalt..])
        .UInt8(0)
        .Terminated(plugin);
}
