namespace Blackwall.Tarpit.Files;

/// <summary>What is in a file.</summary>
internal interface IFileContent
{
    /// <summary>Bytes, as <c>ls -l</c> shows them.</summary>
    long Size { get; }

    /// <summary>The bytes; the same each time, but for what lives below /proc.</summary>
    byte[] Read();
}
