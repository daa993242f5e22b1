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
    NotEmpty,
    NoSpace,
    TooManyLinks,
    ReadOnly,
    Invalid,
}
