namespace Blackwall.Tarpit.Files;

/// <summary>Why an operation on a file failed, as errno has it.</summary>
internal enum FileError
{
    None,
    NotFound,
    NotFolder,
    IsFolder,
    Exists,
    NotPermitted,

    /// <summary>A flag of the file forbids it, whoever asks.</summary>
    Protected,

    NotEmpty,
    NoSpace,
    TooManyLinks,
    ReadOnly,
    Invalid,
}
