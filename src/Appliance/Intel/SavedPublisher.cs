namespace Blackwall.Intel;

/// <summary>The publisher as it is stored.</summary>
/// <param name="Space">Name space of all identifiers.</param>
/// <param name="Name">Name that was published last.</param>
/// <param name="Created">When it was made; whole milliseconds.</param>
/// <param name="Modified">When it was last renamed; whole milliseconds.</param>
internal sealed record SavedPublisher(Guid Space, string Name, DateTimeOffset Created, DateTimeOffset Modified);
