// What is sent to EMA 2. In updates an omitted field keeps its value and an empty one erases it.

export type PageRequest = { skip: number; take: number }

/** Keyword → column numbers to look in; `{}` lists everything the caller may see. */
export type CompanySearch = Readonly<Record<string, readonly number[]>>

export type Address = {
  countryCode?: string
  state: string
  city: string
  streetAddress: string
  zipCode: string
}

type Tag = { tag: string }
type Product = { code: string }

type CompanyTexts = {
  customIdentifier?: string
  comment?: string
  vatId?: string
  description?: string
}

export type CreateCustomer = CompanyTexts & {
  name: string
  address: Address
  /** Without a parent the customer is created under the caller's company. */
  parentCompanyId?: string
  email?: string
  tags?: readonly Tag[]
}

export type CreateMsp = CompanyTexts & {
  name: string
  email: string
  address: Address
  /** True makes an MSP Manager instead of an MSP. */
  manager?: boolean
  reseller?: boolean
  divisionId?: string
  tags?: readonly Tag[]
  trialLicenseAllowed?: boolean
  products?: readonly Product[]
}

export type CreateManagedMsp = CompanyTexts & {
  name: string
  email: string
  address: Address
  tags?: readonly Tag[]
  products?: readonly Product[]
  trialLicenseAllowed?: boolean
  trusted?: boolean
}

type UpdateCompany = CompanyTexts & {
  companyId: string
  name?: string
  email?: string
  address?: Partial<Address>
  tagsToAdd?: readonly Tag[]
  tagsToRemove?: readonly Tag[]
}

export type UpdateCustomer = UpdateCompany

type UpdateProducts = { productsToAdd?: readonly Product[]; productsToRemove?: readonly Product[] }

export type UpdateMsp = UpdateCompany &
  UpdateProducts & {
    /** Moves the MSP to this Division; empty takes it out of its Division. */
    divisionId?: string
    trialLicenseAllowed?: boolean
  }

export type UpdateManagedMsp = UpdateCompany & UpdateProducts & { trusted?: boolean; acceptPendingRequests?: boolean }
