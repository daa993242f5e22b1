namespace Blackwall.Tarpit;

/// <summary>Keys of the database server, each PKCS#8, RSA of 2048 bits.</summary>
/// <param name="Exchange">Covers passwords of clients without TLS (caching_sha2_password).</param>
/// <param name="Authority">Signs the server's certificate.</param>
/// <param name="Server">Of the server's certificate.</param>
public sealed record DatabaseKeys(byte[] Exchange, byte[] Authority, byte[] Server);
