namespace Blackwall.Tarpit.Files;

/// <summary>Where the bytes of a file of the base tree come from: a folder and a name in it.</summary>
internal delegate byte[] FileSource(string folder, string name, int size);
