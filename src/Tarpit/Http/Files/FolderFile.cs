namespace Blackwall.Tarpit.Http.Files;

/// <summary>A file of the website's folder.</summary>
/// <param name="IsChanged">The peer wrote it: it counts before what the website has under this name.</param>
/// <param name="Status">200: it is there; 403: the server may not read it; 404: the peer removed it.</param>
internal sealed record FolderFile(byte[] Content, DateTimeOffset Modified, bool IsChanged, int Status = 200);
