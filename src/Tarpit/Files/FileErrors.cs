namespace Blackwall.Tarpit.Files;

/// <summary>What the C library says of an error.</summary>
internal static class FileErrors
{
    public static string Text(this FileError error) => error switch
    {
        FileError.NotFound => "No such file or directory",
        FileError.NotFolder => "Not a directory",
        FileError.IsFolder => "Is a directory",
        FileError.Exists => "File exists",
        FileError.NotPermitted => "Permission denied",
        FileError.Protected => "Operation not permitted",
        FileError.NotEmpty => "Directory not empty",
        FileError.NoSpace => "No space left on device",
        FileError.TooManyLinks => "Too many levels of symbolic links",
        FileError.ReadOnly => "Read-only file system",
        FileError.Invalid => "Invalid argument",
        _ => "Success",
    };
}
