namespace Blackwall.Tarpit.World.Packages;

/// <summary>The files of one package in one folder: a range of the list of files.</summary>
internal readonly record struct PackagePart(string Folder, int Offset, int Length);
