/** Apart from what fetches, so that a project without remote files does not load the means to fetch them. */
export function isRemoteReference(reference: string): boolean {
  return isArtifactReference(reference) || isGitReference(reference);
}

export function isArtifactReference(reference: string): boolean {
  return reference.startsWith("oci://");
}

/**
 * https://host/repo.git#ref:folder, https://host/repo.git?branch=b&subdir=folder, git@host:owner/repo, ssh://…, git://…,
 * file://…/repo.git, github.com/owner/repo
 */
function isGitReference(reference: string): boolean {
  const address = reference.split(/[?#]/, 1)[0] ?? "";
  return (
    /^(git|ssh):\/\/|^[\w-]+@[A-Za-z\d.-]+:|^github\.com\//.test(address) || /^(https?|file):\/\/.*\.git$/.test(address)
  );
}
